// The intrinsics on two halfwords or four bytes of a word.
#define LIST(X) \
    X(__vabs2(a)) \
    X(__vabsss2(a)) \
    X(__vneg2(a)) \
    X(__vnegss2(a)) \
    X(__vabs4(a)) \
    X(__vabsss4(a)) \
    X(__vneg4(a)) \
    X(__vnegss4(a)) \
    X(__vadd2(a, b)) \
    X(__vaddss2(a, b)) \
    X(__vaddus2(a, b)) \
    X(__vsub2(a, b)) \
    X(__vsubss2(a, b)) \
    X(__vsubus2(a, b)) \
    X(__vabsdiffs2(a, b)) \
    X(__vabsdiffu2(a, b)) \
    X(__vavgs2(a, b)) \
    X(__vavgu2(a, b)) \
    X(__vhaddu2(a, b)) \
    X(__vmaxs2(a, b)) \
    X(__vmaxu2(a, b)) \
    X(__vmins2(a, b)) \
    X(__vminu2(a, b)) \
    X(__vsads2(a, b)) \
    X(__vsadu2(a, b)) \
    X(__vseteq2(a, b)) \
    X(__vsetges2(a, b)) \
    X(__vsetgeu2(a, b)) \
    X(__vsetgts2(a, b)) \
    X(__vsetgtu2(a, b)) \
    X(__vsetles2(a, b)) \
    X(__vsetleu2(a, b)) \
    X(__vsetlts2(a, b)) \
    X(__vsetltu2(a, b)) \
    X(__vsetne2(a, b)) \
    X(__vcmpeq2(a, b)) \
    X(__vcmpges2(a, b)) \
    X(__vcmpgeu2(a, b)) \
    X(__vcmpgts2(a, b)) \
    X(__vcmpgtu2(a, b)) \
    X(__vcmples2(a, b)) \
    X(__vcmpleu2(a, b)) \
    X(__vcmplts2(a, b)) \
    X(__vcmpltu2(a, b)) \
    X(__vcmpne2(a, b)) \
    X(__vadd4(a, b)) \
    X(__vaddss4(a, b)) \
    X(__vaddus4(a, b)) \
    X(__vsub4(a, b)) \
    X(__vsubss4(a, b)) \
    X(__vsubus4(a, b)) \
    X(__vabsdiffs4(a, b)) \
    X(__vabsdiffu4(a, b)) \
    X(__vavgs4(a, b)) \
    X(__vavgu4(a, b)) \
    X(__vhaddu4(a, b)) \
    X(__vmaxs4(a, b)) \
    X(__vmaxu4(a, b)) \
    X(__vmins4(a, b)) \
    X(__vminu4(a, b)) \
    X(__vsads4(a, b)) \
    X(__vsadu4(a, b)) \
    X(__vseteq4(a, b)) \
    X(__vsetges4(a, b)) \
    X(__vsetgeu4(a, b)) \
    X(__vsetgts4(a, b)) \
    X(__vsetgtu4(a, b)) \
    X(__vsetles4(a, b)) \
    X(__vsetleu4(a, b)) \
    X(__vsetlts4(a, b)) \
    X(__vsetltu4(a, b)) \
    X(__vsetne4(a, b)) \
    X(__vcmpeq4(a, b)) \
    X(__vcmpges4(a, b)) \
    X(__vcmpgeu4(a, b)) \
    X(__vcmpgts4(a, b)) \
    X(__vcmpgtu4(a, b)) \
    X(__vcmples4(a, b)) \
    X(__vcmpleu4(a, b)) \
    X(__vcmplts4(a, b)) \
    X(__vcmpltu4(a, b)) \
    X(__vcmpne4(a, b))
#include "expressions.h"
