"""What pages cost: `make bench`. Speed is measured here and nowhere in the tests."""
