//! How a driver function is declared: looked up by its symbol's own spelling, called through a checked wrapper.
//!
//! Invariant: the declared parameters are those of the documented function of that name and version.

macro_rules! driver_functions {
    ($table:ident in $field:ident; $($rust:ident = $symbol:literal($($arg:ident : $ty:ty),* $(,)?);)*) => {
        /// Every function, or `None` where the driver library lacks it.
        pub struct $table {
            $(pub $rust: Option<unsafe extern "C" fn($($ty),*) -> CUresult>,)*
        }

        impl $table {
            /// Looks every symbol up.
            pub fn resolve(library: $crate::driver::Library) -> $table {
                $table {
                    $($rust: {
                        let name = const {
                            match core::ffi::CStr::from_bytes_with_nul(concat!($symbol, "\0").as_bytes()) {
                                Ok(name) => name,
                                Err(_) => panic!("symbol names hold no NUL"),
                            }
                        };
                        let address = library.symbol(name);
                        // SAFETY: the symbol, if there, is the driver function of that name, whose documented
                        // signature this is; a null address is `None` of the function pointer's niche.
                        unsafe {
                            core::mem::transmute::<*mut c_void, Option<unsafe extern "C" fn($($ty),*) -> CUresult>>(
                                address,
                            )
                        }
                    },)*
                }
            }
        }

        $(
            /// # Safety
            /// As the C function of this name: pointers are valid for what it reads and writes.
            #[allow(clippy::too_many_arguments)]
            #[inline]
            pub unsafe fn $rust($($arg: $ty),*) -> $crate::api::Result {
                match $crate::driver::tables()?.$field.$rust {
                    // SAFETY: the caller keeps the C function's contract.
                    Some(function) => $crate::driver::check(unsafe { function($($arg),*) }),
                    None => {
                        $crate::log::missing($symbol);
                        Err(cudaErrorNotSupported)
                    }
                }
            }
        )*
    };
}
