//! streamlint
