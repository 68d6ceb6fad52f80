import { createServer } from "node:http";
import { database, prepareTables } from "./database.js";
import { stopJobs } from "./job-store.js";
import { setupSchedulers } from "./schedulers.js";

console.log(`INFO: Started server process [${process.pid}]`);
console.log("INFO: Waiting for application startup");
await prepareTables();
console.log("INFO: Shared APScheduler started");
setupSchedulers();

const server = createServer((request, response) => {
  const found = request.url === "/health";
  response.writeHead(found ? 200 : 404, { "content-type": "application/json" });
  response.end(
    JSON.stringify(found ? { status: "ok", commit: process.env.RENDER_GIT_COMMIT } : { status: "not found" }),
  );
});
server.listen(Number(process.env.PORT), "127.0.0.1", () => {
  console.log("INFO: Application startup complete");
});

process.once("SIGTERM", () => {
  stopJobs();
  server.close();
  server.closeAllConnections();
  void database.end();
});
