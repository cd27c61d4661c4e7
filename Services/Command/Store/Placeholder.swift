enum CommandStorePlaceholder {}
