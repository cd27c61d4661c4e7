enum DutyStorePlaceholder {}
