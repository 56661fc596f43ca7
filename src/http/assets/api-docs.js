// Starts Swagger UI. Runs in the browser, under a policy that allows no inline script.
async function readSession() {
  const response = await fetch("/api/v1/session", { headers: { Accept: "application/json" } });
  return response.ok ? response.json() : undefined;
}

function showCaller(session) {
  const place = document.getElementById("caller");
  if (session) {
    place.textContent = `Signed in as ${session.user}. “Execute” calls this server in your name.`;
    return;
  }
  const link = document.createElement("a");
  link.href = "/login";
  link.textContent = "Sign in";
  place.append("Not signed in. ", link, " to try calls, or press “Authorize” and give a token.");
}

const session = await readSession();
showCaller(session);

window.SwaggerUIBundle({
  url: "/api/openapi.json",
  dom_id: "#swagger-ui",
  docExpansion: "none",
  defaultModelsExpandDepth: -1,
  displayRequestDuration: true,
  filter: true,
  tryItOutEnabled: true,
  validatorUrl: null,
  requestInterceptor: (request) => {
    // Changes under a session need it.
    if (session?.csrfToken) request.headers["X-CSRF-Token"] = session.csrfToken;
    return request;
  },
});
