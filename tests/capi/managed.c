// Managed variables, both ways: storage that is the host's own variable, and a host pointer that loading sets.
#include "capi.h"

static const char ptx[] =
    ".version 7.0\n.target sm_50\n.address_size 64\n"
    ".visible .global .align 4 .u32 direct = 5;\n"
    ".visible .global .attribute(.managed) .align 4 .u32 indirect = 6;\n"
    ".visible .entry bump() {\n"
    "  .reg .b32 %r<2>; mov.u32 %r0, 1;\n"
    "  red.global.add.u32 [direct], %r0; red.global.add.u32 [indirect], %r0; ret;\n}\n";

static const struct {
    int magic, version;
    const void *data;
    void *unused;
} wrapper = {0x466243b1, 1, ptx, 0};

void __anywarpRegisterManagedRange(void *begin, void *end);
void __cudaRegisterManagedVariable(void **handle, void **pointer, char *address, const char *name, int ext, size_t size,
                                   int constant, int global);
static unsigned direct;
static unsigned *indirect;
static void bump(void) {}

int main(void) {
    __anywarpRegisterManagedRange(&direct, &direct + 1);
    void **image = __cudaRegisterFatBinary((void *)&wrapper);
    __cudaRegisterFunction(image, (const char *)bump, (char *)"bump", "bump", -1, 0, 0, 0, 0, 0);
    __cudaRegisterVar(image, (char *)&direct, (char *)"direct", "direct", 0, 4, 0, 0);
    __cudaRegisterManagedVariable(image, (void **)&indirect, (char *)"indirect", "indirect", 0, 4, 0, 0);
    __cudaRegisterFatBinaryEnd(image);
    // Usable before any call.
    EXPECT(direct, 5);
    TRUE(indirect != NULL);
    if (indirect == NULL) return result();
    EXPECT(*indirect, 6);
    direct = 100;
    *indirect = 200;
    dim3 four;
    four.x = 4, four.y = four.z = 1;
    OK(cudaLaunchKernel((void *)bump, four, four, NULL, 0, 0));
    OK(cudaDeviceSynchronize());
    EXPECT(direct, 116);
    EXPECT(*indirect, 216);
    unsigned got = 0, *address = NULL;
    OK(cudaGetSymbolAddress((void **)&address, &direct));
    EXPECT((size_t)address, (size_t)&direct);
    OK(cudaMemcpyFromSymbol(&got, &direct, 4, 0, cudaMemcpyDeviceToHost));
    EXPECT(got, 116);
    got = 7;
    OK(cudaMemcpyToSymbol(&direct, &got, 4, 0, cudaMemcpyHostToDevice));
    EXPECT(direct, 7);
    struct cudaPointerAttributes at;
    OK(cudaPointerGetAttributes(&at, indirect));
    EXPECT(at.type, cudaMemoryTypeManaged);
    return result();
}
