//! Special registers (PTX ISA chapter 10): a row per register with its name and type.

use crate::Type;

/// How widely the value of a special register is the same.
#[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord)]
pub enum SregScope {
    /// The same for every thread of the launch.
    Grid,
    /// The same for every thread of the CTA.
    Cta,
    /// The same for every thread of the warp.
    Warp,
    /// Differs between threads.
    Thread,
    /// Changes from one read to the next.
    Clock,
}

macro_rules! sregs {
    ($($variant:ident $name:literal $ty:ident $scope:ident;)*) => {
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
        pub enum Sreg { $($variant,)* }

        impl Sreg {
            pub const ALL: &'static [Sreg] = &[$(Sreg::$variant,)*];

            /// Name without the leading `%`.
            pub const fn name(self) -> &'static str {
                match self { $(Sreg::$variant => $name,)* }
            }

            pub const fn ty(self) -> Type {
                match self { $(Sreg::$variant => Type::$ty,)* }
            }

            pub const fn scope(self) -> SregScope {
                match self { $(Sreg::$variant => SregScope::$scope,)* }
            }

            pub fn from_name(name: &str) -> Option<Sreg> {
                match name { $($name => Some(Sreg::$variant),)* _ => None }
            }
        }
    };
}

sregs! {
    TidX "tid.x" I32 Thread;
    TidY "tid.y" I32 Thread;
    TidZ "tid.z" I32 Thread;
    NtidX "ntid.x" I32 Grid;
    NtidY "ntid.y" I32 Grid;
    NtidZ "ntid.z" I32 Grid;
    CtaidX "ctaid.x" I32 Cta;
    CtaidY "ctaid.y" I32 Cta;
    CtaidZ "ctaid.z" I32 Cta;
    NctaidX "nctaid.x" I32 Grid;
    NctaidY "nctaid.y" I32 Grid;
    NctaidZ "nctaid.z" I32 Grid;
    LaneId "laneid" I32 Thread;
    WarpId "warpid" I32 Warp;
    NwarpId "nwarpid" I32 Grid;
    SmId "smid" I32 Cta;
    NsmId "nsmid" I32 Grid;
    GridId "gridid" I64 Grid;
    LanemaskEq "lanemask_eq" I32 Thread;
    LanemaskLe "lanemask_le" I32 Thread;
    LanemaskLt "lanemask_lt" I32 Thread;
    LanemaskGe "lanemask_ge" I32 Thread;
    LanemaskGt "lanemask_gt" I32 Thread;
    Clock "clock" I32 Clock;
    ClockHi "clock_hi" I32 Clock;
    Clock64 "clock64" I64 Clock;
    GlobalTimer "globaltimer" I64 Clock;
    GlobalTimerLo "globaltimer_lo" I32 Clock;
    GlobalTimerHi "globaltimer_hi" I32 Clock;
    DynamicSmemSize "dynamic_smem_size" I32 Grid;
    TotalSmemSize "total_smem_size" I32 Grid;
}
