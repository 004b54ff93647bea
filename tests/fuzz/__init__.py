"""What nobody means to send: generated inputs for every form, address and upload. `make fuzz` sends 50,000."""
