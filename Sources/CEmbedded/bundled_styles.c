#include "embedded.h"

static const unsigned char swirl[] = {
#embed "../../Fixtures/styles/swirl.jpg"
};

static const unsigned char woodblock[] = {
#embed "../../Fixtures/styles/woodblock.jpg"
};

static const unsigned char stained_glass[] = {
#embed "../../Fixtures/styles/stained-glass.jpg"
};

static const unsigned char hatching[] = {
#embed "../../Fixtures/styles/hatching.jpg"
};

static const unsigned char pointillist[] = {
#embed "../../Fixtures/styles/pointillist.jpg"
};

static const unsigned char bay[] = {
#embed "../../Fixtures/preview/bay.jpg"
};

bf_embedded_file bf_sample_picture(void) { return (bf_embedded_file){bay, sizeof bay}; }

static const bf_bundled_style styles[] = {
    {"swirl", "impasto strokes wheeling through deep blue and gold", {swirl, sizeof swirl}},
    {"woodblock", "flat colours, dark contours and foam claws, printed on paper", {woodblock, sizeof woodblock}},
    {"stained-glass", "saturated panes between lead lines, lit from behind", {stained_glass, sizeof stained_glass}},
    {"hatching", "pen-and-ink cross-hatching with a sepia wash", {hatching, sizeof hatching}},
    {"pointillist", "dabs of pure colour, shadows made of complements", {pointillist, sizeof pointillist}},
};

size_t bf_bundled_style_count(void) { return sizeof styles / sizeof styles[0]; }

bf_bundled_style bf_bundled_style_at(size_t index) {
    return index < bf_bundled_style_count() ? styles[index] : (bf_bundled_style){0};
}
