enum SupervisionStorePlaceholder {}
