"""Survey designs: weights, strata, clusters and finite populations, proved against R's survey package."""
