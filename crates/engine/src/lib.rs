//! What an engine is: launches, kernel images, faults, and the traits that interp and cpu implement.
