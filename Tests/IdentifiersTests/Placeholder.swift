enum IdentifiersTestsPlaceholder {}
