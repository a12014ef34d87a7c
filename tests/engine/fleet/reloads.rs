//! Another configuration, and two contracts side by side.
