enum CommandDomainPlaceholder {}
