//! unified → vendor bytes → another implementation's decoder → unified, over shapes and values that
//! are made up together; and, where we read the encoding too, through our own decoder.

mod form;
mod generate;
mod json;
mod xml;
