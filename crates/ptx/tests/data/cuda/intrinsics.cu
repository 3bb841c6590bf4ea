#include <cuda_fp16.h>
#include <cuda_bf16.h>
__global__ void h(__half*a,__half2*b,__nv_bfloat16*c,__nv_bfloat162*d,float*f){
 int i=threadIdx.x; a[i]=__hadd(a[i],a[i+1]); b[i]=__hfma2(b[i],b[i+1],b[i+2]); c[i]=__hmul(c[i],c[i+1]); d[i]=__hfma2(d[i],d[i+1],d[i+2]); f[i]=__half2float(a[i+2])+__bfloat162float(c[i+3]);
 b[i+3]=__floats2half2_rn(f[1],f[2]); a[i+4]=hexp(a[i+5]); a[i+6]=__hmax(a[i+5],a[i+9]); if(__hlt(a[i],a[i+2])) b[i]=__hmul2_sat(b[4],b[6]); a[7]=hsqrt(a[8]); 
 atomicAdd(f,1.0f); atomicAdd_block((int*)f,1); atomicCAS_system((int*)f,1,2); atomicExch((unsigned long long*)f,3ull); __threadfence_system(); __threadfence_block(); 
 f[3]=__fdividef(f[4],f[5]); f[6]=__expf(f[7])+__sinf(f[8])+__fsqrt_rn(f[9])+__frcp_rz(f[10])+__fmaf_ru(f[1],f[2],f[3]);
 unsigned*u=(unsigned*)f; u[1]=__byte_perm(u[2],u[3],u[4]); u[5]=__funnelshift_l(u[6],u[7],3); u[8]=__brev(u[9])+__ffs(u[1])+__popc(u[2]); u[3]=__dp4a((int)u[1],(int)u[2],(int)u[3]); u[11]=__vabsdiffu4(u[1],u[2]); u[12]=__umulhi(u[1],u[2]); u[13]=__float_as_uint(f[2]); u[14]=__shfl_xor_sync(~0u,u[1],3); u[15]=__ballot_sync(~0u,u[2]>3); u[16]=__match_any_sync(~0u,u[3]); u[17]=__reduce_add_sync(~0u,u[4]); u[18]=__activemask(); u[19]=clock(); *(long long*)(u+20)=clock64(); __nanosleep(20); u[22]=__syncthreads_count(u[1]); __syncwarp(); u[23]=__ldg(u+24); u[25]=__ldcs(u+3); __stcg(u+4,3u); u[26]=__usad(u[1],u[2],u[3]); u[27]=__vadd4(u[1],u[2]); u[28]=__vmaxs4(u[1],u[2]);
}
