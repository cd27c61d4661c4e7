// One door to the view library, so that no page names a vendor's path.
export {
  html, h, render, Component, useState, useEffect, useRef, useMemo, useCallback, useLayoutEffect,
} from "/vendor/preact/preact.js";
