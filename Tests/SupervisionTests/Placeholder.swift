enum SupervisionTestsPlaceholder {}
