//! The scalar meaning of each pure op: the definition that every engine is measured by.
