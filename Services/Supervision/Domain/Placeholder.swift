enum SupervisionDomainPlaceholder {}
