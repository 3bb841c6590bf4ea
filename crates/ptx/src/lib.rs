//! PTX text: lexer, parser, printer, checker and the instruction tables.
