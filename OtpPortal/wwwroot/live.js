// Tells a live part of a page whether anybody can see it, so that it may rest meanwhile and be right at once afterwards.
export function watch(component) {
  const tell = async () => {
    // Whoever signed out in another tab did so here too; a connection knows nothing of that.
    if (!document.hidden && (await isSignedOut())) {
      location.reload();
      return;
    }

    // Without a connection there is nobody to be told.
    await component.invokeMethodAsync("SeenAsync", !document.hidden).catch(() => {});
  };
  document.addEventListener("visibilitychange", tell);
  if (document.hidden) {
    tell();
  }
}

async function isSignedOut() {
  const answer = await fetch("/api/auth/check", { headers: { Accept: "application/json" } }).catch(() => null);
  return answer?.status === 401;
}
