//! Memory arena, streams, events, launches, device profiles, faults and hooks.
