//! The plan and the derived types answer with the same bytes.
