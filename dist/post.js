import "./start.js";
export {};
