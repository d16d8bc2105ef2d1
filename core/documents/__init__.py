"""Documents to hand on: written once as blocks, then shown as a page, a PDF or a Word file."""
