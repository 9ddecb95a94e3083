"""What whoever runs the portal needs: backup, restore, and a look at its health."""
