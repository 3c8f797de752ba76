"""The parts of the load tests: an installation of Postern on loopback, the load, and what is measured."""
