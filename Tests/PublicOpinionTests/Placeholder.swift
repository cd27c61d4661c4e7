enum PublicOpinionTestsPlaceholder {}
