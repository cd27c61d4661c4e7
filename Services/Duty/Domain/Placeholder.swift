enum DutyDomainPlaceholder {}
