// Times one 3×3 convolution of oneDNN (stride 1, zero padding 1, fp32), in the layouts it likes best:
//
//     probe winograd|direct CIN COUT WIDTH HEIGHT
//
// Prints wall and CPU milliseconds, medians of 9 runs after two; ends with status 2 where there is no such kernel.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <dnnl.hpp>
#include <vector>

int main(int count, char **words) {
    if (count != 6) { return 64; }
    using namespace dnnl;
    auto algorithm = std::strcmp(words[1], "winograd") == 0 ? algorithm::convolution_winograd
                                                             : algorithm::convolution_direct;
    memory::dim inputs = std::atoi(words[2]), outputs = std::atoi(words[3]);
    memory::dim width = std::atoi(words[4]), height = std::atoi(words[5]);
    engine engine(engine::kind::cpu, 0);
    stream stream(engine);
    auto any = memory::format_tag::any;
    auto type = memory::data_type::f32;
    memory::desc source({1, inputs, height, width}, type, any), filters({outputs, inputs, 3, 3}, type, any);
    memory::desc bias({outputs}, type, memory::format_tag::x), target({1, outputs, height, width}, type, any);
    try {
        convolution_forward::desc description(prop_kind::forward_inference, algorithm, source, filters, bias, target,
                                              {1, 1}, {1, 1}, {1, 1});
        convolution_forward::primitive_desc chosen(description, engine);
        memory a(chosen.src_desc(), engine), b(chosen.weights_desc(), engine), c(chosen.bias_desc(), engine);
        memory d(chosen.dst_desc(), engine);
        for (memory *each : {&a, &b, &c}) {
            auto floats = static_cast<float *>(each->get_data_handle());
            for (size_t i = 0; i < each->get_desc().get_size() / 4; i++) { floats[i] = float(i % 97) / 97 - 0.5f; }
        }
        convolution_forward convolution(chosen);
        std::vector<double> walls, processors;
        for (int run = 0; run < 11; run++) {
            auto wall = std::chrono::steady_clock::now();
            auto processor = std::clock();
            convolution.execute(stream, {{DNNL_ARG_SRC, a}, {DNNL_ARG_WEIGHTS, b}, {DNNL_ARG_BIAS, c}, {DNNL_ARG_DST, d}});
            stream.wait();
            if (run < 2) { continue; }
            processors.push_back(double(std::clock() - processor) * 1e3 / CLOCKS_PER_SEC);
            walls.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - wall).count());
        }
        std::sort(walls.begin(), walls.end());
        std::sort(processors.begin(), processors.end());
        std::printf("%f %f %s\n", walls[4], processors[4], chosen.impl_info_str());
    } catch (const dnnl::error &) {
        return 2;
    }
}
