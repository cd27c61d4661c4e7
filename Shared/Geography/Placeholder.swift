enum GeographyPlaceholder {}
