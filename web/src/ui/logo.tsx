/** The mark: an instrument's ring with its cross-hair, and the cloud it watches. */
export function LogoMark({ size = 26 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" fill="none" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" fill="#0a6b96" />
      <circle cx="16" cy="16" r="10.5" stroke="#fff" strokeOpacity="0.55" strokeWidth="1.6" />
      <path
        d="M16 3.2v4M16 24.8v4M3.2 16h4M24.8 16h4"
        stroke="#fff"
        strokeOpacity="0.8"
        strokeWidth="1.6"
        strokeLinecap="round"
      />
      <path d="M12.2 20.2a3 3 0 0 1-.2-6 4.4 4.4 0 0 1 8.4 1 2.5 2.5 0 0 1 .2 5z" fill="#fff" />
    </svg>
  );
}
