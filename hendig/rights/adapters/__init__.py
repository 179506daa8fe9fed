"""What a letter is outside the screen: made as PDF, and looked into when somebody uploads one."""
