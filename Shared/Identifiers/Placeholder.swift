enum IdentifiersPlaceholder {}
