"""Everything that turns a shot into a picture. Pure functions of their input; they import no Django."""
