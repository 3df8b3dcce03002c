#ifndef BRUSHFLOW_CFFMPEG_SHIM_H
#define BRUSHFLOW_CFFMPEG_SHIM_H

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/audio_fifo.h>
#include <libavutil/display.h>
#include <libavutil/imgutils.h>
#include <libavutil/log.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>
#include <malloc.h>

// Macros that Swift cannot import, as functions.
static inline int bf_averror(int errnum) { return AVERROR(errnum); }
static inline int bf_averror_eof(void) { return AVERROR_EOF; }
static inline int bf_averror_eagain(void) { return AVERROR(EAGAIN); }
static inline int bf_averror_exit(void) { return AVERROR_EXIT; }
static inline int bf_averror_invalid_data(void) { return AVERROR_INVALIDDATA; }
static inline int64_t bf_nopts_value(void) { return AV_NOPTS_VALUE; }

// glibc: has blocks from 64 KiB on mapped and unmapped one by one.
static inline void bf_map_large_blocks(void) { mallopt(M_MMAP_THRESHOLD, 64 << 10); }

#endif
