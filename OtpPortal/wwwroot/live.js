// Tells a live part of a page whether anybody can see it, so that it may rest meanwhile and be right at once afterwards.
export function watch(component) {
  // Without a connection there is nobody to be told.
  const tell = () => component.invokeMethodAsync("SeenAsync", !document.hidden).catch(() => {});
  document.addEventListener("visibilitychange", tell);
  if (document.hidden) {
    tell();
  }
}
