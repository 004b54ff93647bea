"""What is read of reception: days with their bookings, the register, matters by leader, figures."""
