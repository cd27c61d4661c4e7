enum ServiceHostTestsPlaceholder {}
