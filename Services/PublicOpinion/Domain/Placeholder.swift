enum PublicOpinionDomainPlaceholder {}
