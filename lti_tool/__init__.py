"""The service: everything that talks to people, learning platforms, disks, networks and clocks."""
