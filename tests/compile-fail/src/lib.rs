//! Nothing: the tests are all there is. A package of its own, since they compile with this machine's compiler and so
//! cannot run on foreign ones.
#![no_std]
