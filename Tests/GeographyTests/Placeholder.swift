enum GeographyTestsPlaceholder {}
