"""How many people to ask, and how small a change they can show, before anybody is asked."""
