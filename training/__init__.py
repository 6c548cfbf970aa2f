"""From public data to the packaged model: read, train, export, tune. Not installed with the package."""
