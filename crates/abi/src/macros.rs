//! The two shapes that repeat hundreds of times: C enumerations and opaque handles.

/// Declares a C enumeration as a transparent newtype with one constant per enumerator.
macro_rules! c_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $value:expr),* $(,)? }) => {
        $(#[$meta])*
        #[repr(transparent)]
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name(pub u32);

        $($(#[$vmeta])* pub const $variant: $name = $name(($value) as u32);)*

        impl $name {
            /// Every enumerator with its C name, in declaration order; aliases come after the name they repeat.
            pub const ALL: &'static [($name, &'static str)] = &[$(($variant, stringify!($variant))),*];

            /// The first C name of this value, if it is an enumerator.
            pub fn name(self) -> Option<&'static str> {
                Self::ALL.iter().find(|(value, _)| *value == self).map(|(_, name)| *name)
            }

            /// Whether this value is one of the documented enumerators.
            pub fn is_known(self) -> bool {
                self.name().is_some()
            }
        }

        impl core::fmt::Debug for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                match self.name() {
                    Some(name) => f.write_str(name),
                    None => write!(f, "{}({})", stringify!($name), self.0),
                }
            }
        }
    };
}

/// Declares opaque handle types: pointers whose pointee only the library that made them knows.
macro_rules! handles {
    ($($(#[$meta:meta])* $name:ident),* $(,)?) => {$(
        $(#[$meta])*
        #[repr(transparent)]
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub struct $name(pub *mut core::ffi::c_void);

        // SAFETY: the value is a token; nothing is reached through it outside the library that issued it.
        unsafe impl Send for $name {}
        // SAFETY: as above.
        unsafe impl Sync for $name {}

        impl $name {
            pub const NULL: $name = $name(core::ptr::null_mut());

            pub fn is_null(self) -> bool {
                self.0.is_null()
            }

            /// The token as an integer, for handle tables.
            pub fn addr(self) -> usize {
                self.0 as usize
            }

            /// A handle from an integer token.
            pub fn from_addr(addr: usize) -> $name {
                $name(addr as *mut core::ffi::c_void)
            }
        }

        impl Default for $name {
            fn default() -> $name {
                $name::NULL
            }
        }
    )*};
}

/// Declares C structures whose all-zero bytes are a valid value, with `zeroed()`.
macro_rules! c_structs {
    ($($(#[$meta:meta])* $vis:vis struct $name:ident { $($(#[$fmeta:meta])* $fvis:vis $field:ident : $ty:ty),* $(,)? })*) => {$(
        $(#[$meta])*
        #[repr(C)]
        #[derive(Clone, Copy)]
        $vis struct $name { $($(#[$fmeta])* $fvis $field: $ty),* }

        impl $name {
            /// All bytes zero: C's `= {0}`.
            pub const fn zeroed() -> $name {
                // SAFETY: the fields are integers, floats, raw pointers, handles and unions of them; zero is valid.
                unsafe { core::mem::zeroed() }
            }
        }

        impl Default for $name {
            fn default() -> $name {
                $name::zeroed()
            }
        }
    )*};
}

/// Declares C unions whose all-zero bytes are a valid value.
macro_rules! c_unions {
    ($($(#[$meta:meta])* $vis:vis union $name:ident { $($(#[$fmeta:meta])* $fvis:vis $field:ident : $ty:ty),* $(,)? })*) => {$(
        $(#[$meta])*
        #[repr(C)]
        #[derive(Clone, Copy)]
        $vis union $name { $($(#[$fmeta])* $fvis $field: $ty),* }

        impl $name {
            /// All bytes zero: C's `= {0}`.
            pub const fn zeroed() -> $name {
                // SAFETY: as for structures: zero is a value of every member.
                unsafe { core::mem::zeroed() }
            }
        }

        impl Default for $name {
            fn default() -> $name {
                $name::zeroed()
            }
        }
    )*};
}
