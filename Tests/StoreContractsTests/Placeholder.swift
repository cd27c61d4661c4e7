enum StoreContractsTestsPlaceholder {}
