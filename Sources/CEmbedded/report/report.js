"use strict";
(() => {
  const player = document.querySelector(".player");
  if (!player) return;
  const video = player.querySelector("video");
  const slider = player.querySelector("input");
  const button = player.querySelector("button");
  const output = player.querySelector("output");
  const areas = [...document.querySelectorAll(".area")];
  const frames = Number(player.dataset.frames);
  const rate = Number(player.dataset.rate);
  const last = Number(slider.max);

  const show = (frame) => {
    slider.value = frame;
    output.textContent = "frame " + frame;
    document.body.classList.add("playing");
    const x = frames > 1 ? (1000 * frame) / (frames - 1) : 0;
    for (const area of areas) {
      const cursor = area.querySelector(".cursor");
      cursor.setAttribute("x1", x);
      cursor.setAttribute("x2", x);
    }
  };
  const seek = (frame) => {
    const target = Math.max(0, Math.min(last, frame));
    video.pause();
    video.currentTime = (target + 0.5) / rate;
    show(target);
  };
  const follow = () => {
    if (video.paused) return;
    show(Math.max(0, Math.min(last, Math.floor(video.currentTime * rate))));
    requestAnimationFrame(follow);
  };

  slider.addEventListener("input", () => seek(Number(slider.value)));
  button.addEventListener("click", () => (video.paused ? video.play() : video.pause()));
  video.addEventListener("click", () => button.click());
  video.addEventListener("play", () => { button.textContent = "❚❚"; follow(); });
  video.addEventListener("pause", () => { button.textContent = "▶"; });
  for (const area of areas) {
    area.addEventListener("click", (event) => {
      const box = area.getBoundingClientRect();
      seek(Math.round(((event.clientX - box.left) / box.width) * (frames - 1)));
    });
  }
})();
