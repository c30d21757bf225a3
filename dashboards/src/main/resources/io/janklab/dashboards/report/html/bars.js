// Gives each segment of a bar its width, which a page that takes no styles from its markup cannot say there.
export function drawBars(root) {
  root.querySelectorAll("[data-percent]").forEach((segment) => {
    segment.style.width = `${segment.dataset.percent}%`;
  });
}
